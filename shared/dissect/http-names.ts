/** Names of HTTP: methods that begin a request line, status codes (IANA http-status-codes), header fields that have a field of their own. */
export const httpMethods: ReadonlySet<string> = new Set(
  'GET POST HEAD PUT DELETE OPTIONS TRACE CONNECT PATCH LINK UNLINK PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK POLL BCOPY BMOVE SEARCH BDELETE BPROPFIND BPROPPATCH SUBSCRIBE UNSUBSCRIBE NOTIFY M-SEARCH X-MS-ENUMATTS RPC_CONNECT RPC_IN_DATA RPC_OUT_DATA SOURCE VERSION-CONTROL REPORT CHECKOUT CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE BASELINE-CONTROL MKACTIVITY ORDERPATCH ACL MKCALENDAR ICY'.split(
    ' ',
  ),
);

export const httpStatusNames: Readonly<Record<number, string>> = {
  100: 'Continue', 101: 'Switching Protocols', 102: 'Processing', 103: 'Early Hints', 200: 'OK', 201: 'Created', 202: 'Accepted', 203: 'Non-authoritative Information', 204: 'No Content', 205: 'Reset Content', 206: 'Partial Content', 207: 'Multi-Status', 300: 'Multiple Choices', 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified', 305: 'Use Proxy', 307: 'Temporary Redirect', 308: 'Permanent Redirect',
  400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 406: 'Not Acceptable', 407: 'Proxy Authentication Required', 408: 'Request Time-out', 409: 'Conflict', 410: 'Gone', 411: 'Length Required', 412: 'Precondition Failed', 413: 'Request Entity Too Large', 414: 'Request-URI Too Long', 415: 'Unsupported Media Type', 416: 'Requested Range Not Satisfiable', 417: 'Expectation Failed', 418: "I'm a teapot", 421: 'Misdirected Request', 422: 'Unprocessable Entity', 423: 'Locked', 424: 'Failed Dependency', 425: 'Too Early', 426: 'Upgrade Required', 428: 'Precondition Required', 429: 'Too Many Requests', 431: 'Request Header Fields Too Large', 451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Time-out', 505: 'HTTP Version not supported', 506: 'Variant Also Negotiates', 507: 'Insufficient Storage', 508: 'Loop Detected', 510: 'Not Extended', 511: 'Network Authentication Required',
};

export const httpHeaderKeys = {
  host: 'host', 'user-agent': 'user_agent', accept: 'accept', 'accept-language': 'accept_language', 'accept-encoding': 'accept_encoding', connection: 'connection', cookie: 'cookie', 'set-cookie': 'set_cookie', referer: 'referer', 'content-type': 'content_type', 'content-length': 'content_length_header', 'content-encoding': 'content_encoding', 'transfer-encoding': 'transfer_encoding', date: 'date', server: 'server', location: 'location', 'cache-control': 'cache_control', 'last-modified': 'last_modified', authorization: 'authorization',
  'proxy-authorization': 'proxy_authorization', 'proxy-authenticate': 'proxy_authenticate', 'www-authenticate': 'www_authenticate', upgrade: 'upgrade', 'x-forwarded-for': 'x_forwarded_for', 'sec-websocket-accept': 'sec_websocket_accept', 'sec-websocket-extensions': 'sec_websocket_extensions', 'sec-websocket-key': 'sec_websocket_key', 'sec-websocket-protocol': 'sec_websocket_protocol', 'sec-websocket-version': 'sec_websocket_version',
} as const;

/** Bodies that are shown as lines of text. */
export const httpTextTypes: ReadonlySet<string> = new Set(['text/plain', 'text/html', 'text/css', 'text/javascript', 'application/x-javascript', 'text/vnd.wap.wml', 'text/richtext']);
