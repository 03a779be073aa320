import { createBreather } from '../../base/breather.ts';
import type { RuleCode } from '../../media/rules/index.ts';
import { checkGaps } from '../../media/rules/robots.ts';
import type { Finding } from '../../media/rules/rule.ts';
import { openRecording } from '../../media/sensors/openRecording.ts';
import type { Recording } from '../../media/sensors/recording.ts';
import { RunningTimeline } from '../../media/sensors/timeline.ts';

/** Pauses of the topics of a recording, by its index where it has one. Nothing of a recording that cannot be opened: other rules tell of that. */
export async function topicGaps(file: string, signal: AbortSignal | undefined): Promise<Finding<RuleCode>[]> {
  let recording: Recording;
  try {
    recording = await openRecording(file);
  } catch {
    signal?.throwIfAborted();
    return [];
  }
  const breathe = createBreather(signal);
  const timelines = new Map(recording.topics.map(({ id }) => [id, new RunningTimeline(recording.duration)]));
  try {
    for await (const { topic, times } of recording.times(new Set(timelines.keys()), () => undefined, signal)) {
      await breathe();
      timelines.get(topic)?.add(times);
    }
  } catch {
    // What came before a broken chunk has been heard: the chunk itself is told by its own rule.
    signal?.throwIfAborted();
  } finally {
    recording.close();
  }
  return recording.topics.flatMap(({ id, name }) => {
    const timeline = timelines.get(id);
    return timeline === undefined ? [] : checkGaps(name, timeline.result());
  });
}
