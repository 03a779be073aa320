import '../../webview/theme.css';
import '../../webview/controls.css';
import './preview.css';
import './facts.css';
import './audio/player.css';
import './audio/audio.css';
import { AudioViewer } from './audio/viewer.ts';

new AudioViewer();
