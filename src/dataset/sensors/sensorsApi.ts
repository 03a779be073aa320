import type { MediaPlace } from '../../media/place.ts';
import type { FieldsView, MessageRequest, MessageView, PictureView, SensorFile, SeriesRequest, SeriesView, TimelineView } from '../webview/sensor/protocol.ts';

/** The service `sensors`: one open recording to a thread. */
export interface SensorsApi {
  /** Takes the place of what was open; its timelines are told of as they are made. */
  open(params: { readonly place: MediaPlace }): SensorFile;
  fields(params: { readonly topic: number }): FieldsView;
  startSeries(params: SeriesRequest): void;
  stopSeries(params: { readonly key: string }): void;
  message(params: MessageRequest): MessageView;
  picture(params: { readonly topic: number; readonly time: number }): PictureView;
  picturePart(params: { readonly topic: number; readonly part: number }): Uint8Array;
}

export interface SensorsEvents {
  timelines(params: { readonly done: number; readonly timelines: readonly TimelineView[] }): void;
  series(view: SeriesView): void;
  problems(problems: readonly string[]): void;
}
