// What the test calls in the page.
export { followByEventSource } from './event-source.ts';
export { followByWebSocket } from './web-socket.ts';
