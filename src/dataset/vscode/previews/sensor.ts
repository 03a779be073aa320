import { basename } from 'node:path';
import * as v from 'valibot';
import type { Handlers } from '../../../base/endpoint.ts';
import { checked } from '../../../platform/webviewHost.ts';
import type { SensorsApi, SensorsEvents } from '../../sensors/sensorsApi.ts';
import type { SensorHost, SensorPage } from '../../webview/sensor/protocol.ts';
import { MAX_COLUMNS, MAX_SERIES_FIELDS } from '../../webview/sensor/protocol.ts';
import type { Preview } from '../preview.ts';
import { WatchedThread } from './watchedThread.ts';

const TOPIC = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 53));
const TIME = v.pipe(v.number(), v.finite());
const KEY = v.pipe(v.string(), v.maxLength(200));
const FIELD = v.pipe(v.string(), v.maxLength(1000));
const SERIES = v.strictObject({
  key: KEY,
  topic: TOPIC,
  fields: v.pipe(v.array(FIELD), v.maxLength(MAX_SERIES_FIELDS)),
  from: TIME,
  to: TIME,
  columns: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_COLUMNS)),
  gap: v.optional(v.pipe(v.number(), v.minValue(0))),
});

export const sensorPreview: Preview<SensorHost, SensorPage> = {
  page: 'datasetSensor',
  open({ place, face, page, onDidChangeFile }) {
    const events: Handlers<SensorsEvents> = {
      timelines: (params) => page().notify('timelines', params as Parameters<SensorsEvents['timelines']>[0]),
      series: (params) => page().notify('series', params as Parameters<SensorsEvents['series']>[0]),
      problems: (params) => page().notify('problems', params as Parameters<SensorsEvents['problems']>[0]),
    };
    const own = face.thread<SensorsApi, SensorsEvents>('sensors', events);
    const thread = new WatchedThread<SensorsApi, SensorsEvents>(own);

    async function open(): Promise<void> {
      try {
        page().notify('opened', await thread.ask(undefined, 'open', { place }));
      } catch (error) {
        page().notify('failed', { name: basename(place.member ?? place.file), message: error instanceof Error ? error.message : String(error) });
      }
    }
    const changes = onDidChangeFile((what) => page().notify('stale', { gone: what === 'gone' }));
    return {
      handlers: {
        fields: checked(v.strictObject({ topic: TOPIC }), (params, signal) => thread.ask(signal, 'fields', params)),
        startSeries: checked(SERIES, ({ gap, ...params }) => thread.ask(undefined, 'startSeries', { ...params, ...(gap !== undefined && { gap }) })),
        stopSeries: checked(v.strictObject({ key: KEY }), (params) => thread.ask(undefined, 'stopSeries', params)),
        message: checked(v.strictObject({ topic: TOPIC, time: TIME, side: v.picklist(['before', 'after']) }), (params, signal) => thread.ask(signal, 'message', params)),
        picture: checked(v.strictObject({ topic: TOPIC, time: TIME }), (params, signal) => thread.ask(signal, 'picture', params)),
        picturePart: checked(v.strictObject({ topic: TOPIC, part: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000)) }), (params, signal) => thread.ask(signal, 'picturePart', params)),
        reload: () => open(),
      },
      onReady: () => void open(),
      dispose() {
        changes.dispose();
        own.dispose();
      },
    };
  },
};
