import '../../webview/theme.css';
import '../../webview/controls.css';
import './preview.css';
import './facts.css';
import './image/image.css';
import { ImageViewer } from './image/viewer.ts';

new ImageViewer();
