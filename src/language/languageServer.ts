import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { LanguageServer } from './server/server.ts';

/** Entry of `dist/languageServer.js`: a process of its own, that speaks the Language Server Protocol over its standard streams and ends with its client. */
new LanguageServer(createConnection(ProposedFeatures.all, process.stdin, process.stdout)).start();
