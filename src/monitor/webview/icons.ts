/** VS Code's icons (codicons, CC BY 4.0), as the text of their SVG files, that this room's page uses beside the common ones. */
export { default as chevronLeftIcon } from '@vscode/codicons/src/icons/chevron-left.svg' with { type: 'text' };
export { default as chevronRightIcon } from '@vscode/codicons/src/icons/chevron-right.svg' with { type: 'text' };
export { default as arrowDownIcon } from '@vscode/codicons/src/icons/arrow-down.svg' with { type: 'text' };
export { default as arrowUpIcon } from '@vscode/codicons/src/icons/arrow-up.svg' with { type: 'text' };
export { default as disconnectIcon } from '@vscode/codicons/src/icons/debug-disconnect.svg' with { type: 'text' };
export { default as exportIcon } from '@vscode/codicons/src/icons/export.svg' with { type: 'text' };
export { default as flameIcon } from '@vscode/codicons/src/icons/flame.svg' with { type: 'text' };
export { default as goLiveIcon } from '@vscode/codicons/src/icons/debug-continue.svg' with { type: 'text' };
export { default as historyIcon } from '@vscode/codicons/src/icons/history.svg' with { type: 'text' };
export { default as idleIcon } from '@vscode/codicons/src/icons/circle.svg' with { type: 'text' };
export { default as pauseIcon } from '@vscode/codicons/src/icons/debug-pause.svg' with { type: 'text' };
export { default as personIcon } from '@vscode/codicons/src/icons/account.svg' with { type: 'text' };
export { default as questionIcon } from '@vscode/codicons/src/icons/question.svg' with { type: 'text' };
export { default as arrowSwapIcon } from '@vscode/codicons/src/icons/arrow-swap.svg' with { type: 'text' };
export { default as tableIcon } from '@vscode/codicons/src/icons/table.svg' with { type: 'text' };
export { default as zapIcon } from '@vscode/codicons/src/icons/symbol-event.svg' with { type: 'text' };
