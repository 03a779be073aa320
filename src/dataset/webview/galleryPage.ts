import '../../webview/theme.css';
import '../../webview/controls.css';
import './galleryPage.css';
import { GalleryView } from './gallery/galleryView.ts';

new GalleryView();
