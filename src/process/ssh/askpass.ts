import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { PrivateFolders } from '../privateFolder.ts';
import type { AnswerQuestion } from './link.ts';
import { answerFor, questionOf } from './questions.ts';

/** What has ssh ask us, for as long as one connection is made. */
export interface Askpass {
  readonly env: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

/** Questions of one connection: an askpass that answers wrongly is asked again for ever. */
const MOST_QUESTIONS = 3;
/** Bytes of a question. */
const LONGEST_QUESTION = 65_536;

/** `ssh` runs it with the question as its one argument, and takes the first line that it prints. */
const SCRIPT = `#!/bin/sh
ELECTRON_RUN_AS_NODE=1 exec "$TRAINYARD_ASKPASS_NODE" "$0.cjs" "$1"
`;
const PROGRAM = `const { TRAINYARD_ASKPASS_SOCKET: path, TRAINYARD_ASKPASS_TOKEN: token, SSH_ASKPASS_PROMPT: mode } = process.env;
let reply = '';
const socket = require('node:net').connect(path, () => socket.end(JSON.stringify({ token, mode, prompt: process.argv[2] })));
socket.on('error', () => process.exit(1));
socket.on('data', (chunk) => (reply += chunk));
socket.on('end', () => {
  if (reply === '') process.exit(1);
  process.stdout.write(JSON.parse(reply) + '\\n');
});
`;

/** Listens in a folder below `parent` that nobody else may enter. */
export async function startAskpass(host: string, answer: AnswerQuestion, parent: string, signal: AbortSignal): Promise<Askpass> {
  const folder = new PrivateFolders(parent).make();
  const program = join(folder.path, 'askpass');
  const path = join(folder.path, 'socket');
  const token = randomBytes(24).toString('hex');
  const sockets = new Set<Socket>();
  let questions = 0;
  writeFileSync(program, SCRIPT, { mode: 0o700 });
  writeFileSync(`${program}.cjs`, PROGRAM, { mode: 0o600 });

  async function reply(text: string): Promise<string | undefined> {
    const asked = JSON.parse(text) as { readonly token?: unknown; readonly mode?: unknown; readonly prompt?: unknown };
    if (asked.token !== token || typeof asked.prompt !== 'string') {
      return undefined;
    }
    if (asked.mode === 'none') {
      // No question but a note, that a key waits to be touched: ssh ends it.
      return new Promise(() => {});
    }
    questions++;
    if (questions > MOST_QUESTIONS) {
      return undefined;
    }
    const question = questionOf(host, asked.prompt);
    return answerFor(question, await answer(question, signal).catch(() => undefined));
  }

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > LONGEST_QUESTION) {
        socket.destroy();
      }
    });
    socket.on('end', () => {
      reply(text).then(
        (answered) => socket.end(answered === undefined ? '' : JSON.stringify(answered)),
        () => socket.end(),
      );
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return {
    env: {
      SSH_ASKPASS: program,
      SSH_ASKPASS_REQUIRE: 'force',
      // Before 8.4 ssh asks nobody where there is no display.
      DISPLAY: ':none',
      TRAINYARD_ASKPASS_NODE: process.execPath,
      TRAINYARD_ASKPASS_SOCKET: path,
      TRAINYARD_ASKPASS_TOKEN: token,
    },
    async dispose() {
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await folder.remove();
    },
  };
}
