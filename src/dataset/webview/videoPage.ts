import '../../webview/theme.css';
import '../../webview/controls.css';
import './preview.css';
import './facts.css';
import './audio/player.css';
import './video/video.css';
import { VideoViewer } from './video/viewer.ts';

new VideoViewer();
