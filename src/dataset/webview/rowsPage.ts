import '../../webview/theme.css';
import '../../webview/controls.css';
import './rows/rows.css';
import { RowsView } from './rows/rowsView.ts';

new RowsView();
