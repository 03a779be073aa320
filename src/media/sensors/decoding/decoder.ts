import type { Topic } from '../recording.ts';
import { SensorError } from '../sensorError.ts';

/** What a message says: objects, arrays, typed arrays, numbers, text. */
export type Decoded = Readonly<Record<string, unknown>>;

/** Reads messages of one topic; throws where a message does not fit its schema. */
export type Decode = (data: Uint8Array) => Decoded;

const UTF8 = new TextDecoder('utf-8');

/** How a topic's messages are read. Rejects with a `SensorError` that says why not, where they are not. */
export async function decoderOf({ name, encoding, schemaEncoding, schema, type }: Topic): Promise<Decode> {
  try {
    switch (`${encoding} ${schemaEncoding}`) {
      case 'cdr ros2msg':
        return (await import('./ros.ts')).ros2Decoder(UTF8.decode(schema));
      case 'ros1 ros1msg':
        return (await import('./ros.ts')).ros1Decoder(UTF8.decode(schema));
      case 'protobuf protobuf':
        return (await import('./protobuf.ts')).protobufDecoder(schema, type);
    }
  } catch (error) {
    throw new SensorError('malformed', `The schema of ${name} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (encoding === 'json') {
    return decodeJson;
  }
  if (encoding === 'cdr' && schema.length === 0) {
    throw new SensorError('unsupported', `There is no definition of ${type || 'its type'} in the recording: its bytes cannot be told apart.`);
  }
  throw new SensorError('unsupported', encoding === '' ? 'It does not say how its messages are written.' : `Messages written as ${encoding}${schemaEncoding ? ` with a schema in ${schemaEncoding}` : ''} are shown as bytes.`);
}

function decodeJson(data: Uint8Array): Decoded {
  const value: unknown = JSON.parse(UTF8.decode(data));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Decoded) : { value };
}
