/** The main process: one application, whose window comes to the front when it is started again. */
import { app } from 'electron';
import { Application } from './application.ts';

if (app.requestSingleInstanceLock()) new Application().run();
else app.quit();
