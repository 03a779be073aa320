import type { FilePart } from '../../media/filePart.ts';
import type { MediaPlace } from '../../media/place.ts';
import { openRecording } from '../../media/sensors/openRecording.ts';
import type { Recording } from '../../media/sensors/recording.ts';
import { isTable, openTable } from '../../media/sensors/tableRecording.ts';
import { episodeData, EpisodeFilms } from './episodeFilms.ts';

/** From here on the numbers of topics are those of films that lie beside a table. */
export const FIRST_FILM = 1_000_000;

export interface Opened {
  readonly recording: Recording;
  readonly films?: EpisodeFilms;
}

/** Opens a recording, or a table over time, with the films of its episodes where it belongs to a data set of LeRobot. */
export async function openSensors(part: FilePart, { file, member }: MediaPlace, signal: AbortSignal): Promise<Opened> {
  if (!isTable(part)) {
    return { recording: await openRecording(part) };
  }
  const episodes = member === undefined ? episodeData(file) : undefined;
  const recording = await openTable(part, episodes?.hints, signal);
  try {
    const films = episodes && (await EpisodeFilms.of(file, episodes, recording, signal));
    return { recording, ...(films !== undefined && { films }) };
  } catch (error) {
    signal.throwIfAborted();
    // The table is whole without what lies beside it.
    return { recording: { ...recording, problems: [...recording.problems, `The films of its episodes are not shown: ${(error as Error).message}`] } };
  }
}
