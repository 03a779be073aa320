import { defineConfig, globalIgnores } from 'eslint/config';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const ROOMS = ['monitor', 'dataset', 'convert', 'sync', 'language'];
const FACES = ['src/*/vscode/**', 'src/*/register.ts', 'src/platform/**', 'src/extension.ts', 'src/language/client.ts', 'test/integration/**', 'test/desktop/**'];
const PAGES = ['src/webview/**', 'src/*/webview/**'];

const VSCODE = { group: ['vscode'], message: 'Only the faces (*/vscode, register.ts, platform, extension.ts) know VS Code.' };
const PROGRAMS = { group: ['execa', 'child_process', 'node:child_process'], message: 'Only src/process starts programs.' };
const SYSTEMINFORMATION = { group: ['systeminformation'], message: 'It starts processes by itself: only monitor/host may.' };

const restricted = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

/** A room never imports another, and a page only pages, its protocol and base. */
const zones = [
  ...ROOMS.map((room) => ({
    target: `./src/${room}`,
    from: ROOMS.filter((other) => other !== room).map((other) => `./src/${other}`),
    message: 'Rooms never import each other: what both need goes down to media, process or base.',
  })),
  ...['base', 'process', 'media', 'recipe'].map((floor) => ({
    target: `./src/${floor}`,
    from: [...ROOMS, 'platform', 'webview', ...(floor === 'recipe' ? [] : ['recipe']), ...(floor === 'media' || floor === 'recipe' ? [] : ['media']), ...(floor === 'base' ? ['process'] : [])].map((upper) => `./src/${upper}`),
    message: 'A lower floor does not know the upper ones.',
  })),
  { target: './src/platform', from: ROOMS.map((room) => `./src/${room}`), message: 'The rooms know the platform, not the other way round.' },
  { target: './src/webview', from: ['./src/!(webview|base)/**'], message: 'Pages know pages and base alone.' },
  ...ROOMS.map((room) => ({
    target: `./src/${room}/webview`,
    from: [`./src/${room}/!(webview)/**`, `./src/${room}/*.ts`, './src/!(webview|base)/*.ts', './src/process/**', './src/media/**', './src/platform/**'],
    message: 'A page knows its protocol, other pages and base alone.',
  })),
  { target: './src', from: './test', message: 'The product does not know its tests.' },
];

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', 'coverage/', '.vscode-test/', 'test/oracles/.venv/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      eqeqeq: 'error',
      curly: 'error',
      'no-eval': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['src/**/*.ts'], rules: { 'import-x/no-default-export': 'error', ...restricted(VSCODE, PROGRAMS, SYSTEMINFORMATION) } },
  { files: FACES, rules: restricted(PROGRAMS, SYSTEMINFORMATION) },
  { files: ['src/process/**'], rules: restricted(VSCODE, SYSTEMINFORMATION) },
  { files: ['src/monitor/host/**'], rules: restricted(VSCODE, PROGRAMS) },
  { files: PAGES, rules: restricted(VSCODE, PROGRAMS, SYSTEMINFORMATION, { group: ['node:*'], message: 'A page has no Node.' }) },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/unbound-method': 'off' } },
);
