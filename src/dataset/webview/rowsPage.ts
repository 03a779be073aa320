import '../../webview/theme.css';
import '../../webview/controls.css';
import './rows/rows.css';
import './rows/table.css';
import './rows/inspector.css';
import { RowsView } from './rows/rowsView.ts';

new RowsView();
