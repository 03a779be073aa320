import '../../webview/theme.css';
import '../../webview/controls.css';
import './dashboardPage.css';
import './trouble.css';
import './fleetPage.css';
import { FleetView } from './fleetView.ts';

new FleetView();
