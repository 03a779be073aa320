import '../../webview/theme.css';
import '../../webview/controls.css';
import './dashboardPage.css';
import './sectionParts.css';
import './trouble.css';
import './fleetPage.css';
import './fleetSide.css';
import './fleetNarrow.css';
import { FleetView } from './fleetView.ts';

new FleetView();
