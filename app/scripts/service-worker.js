/* Keeps the app's own files, so that it opens without a network. The build fills in their list; what the API answers
 * is never kept here. */
const FILES = new Set(/* FILES */ []);
const SHELL = 'shell-/* DIGEST */';
const LIVE = 'live';
const KEPT = new Set([SHELL, LIVE, 'form-models']);

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...FILES])));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => !KEPT.has(name)).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname: encoded } = new URL(request.url);
  const pathname = decodeURI(encoded);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return;
  if (FILES.has(pathname)) event.respondWith(fromShell(request, pathname));
  else if (pathname.startsWith('/live/')) event.respondWith(newestOrKept(request));
  else if (request.mode === 'navigate') event.respondWith(screen(request));
});

/** Hashed files never change; the few others change with the shell. */
async function fromShell(request, pathname) {
  const shell = await caches.open(SHELL);
  return (await shell.match(pathname)) ?? fetch(request);
}

/** Models and WebAssembly of the live coach: megabytes, kept once they were used. */
async function newestOrKept(request) {
  const live = await caches.open(LIVE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await live.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await live.match(request);
    if (kept) return kept;
    throw error;
  }
}

/** A new version of the app comes with the next page load that reaches the server. */
async function screen(request) {
  const kept = async () => (await caches.open(SHELL)).match('/index.html');
  try {
    const answer = await fetch(request);
    return answer.status < 500 ? answer : ((await kept()) ?? answer);
  } catch (error) {
    const page = await kept();
    if (page) return page;
    throw error;
  }
}

/** What the server sends is shown as it is; a browser takes the permission away from who shows nothing. */
self.addEventListener('push', (event) => {
  const said = read(event.data);
  event.waitUntil(
    self.registration.showNotification(said.title, {
      body: said.body,
      lang: said.lang,
      tag: said.tag,
      icon: '/icon-192.png',
      badge: '/icon-192.png',
      data: { url: said.url },
    }),
  );
});

/** A touch leads to the page that the message is about, in a window that is open already if there is one. */
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(leadTo(new URL(event.notification.data?.url ?? '/notices', self.location.origin)));
});

function read(data) {
  try {
    const said = data.json();
    return { title: 'TopForm', url: '/notices', ...said };
  } catch {
    return { title: 'TopForm', body: '', url: '/notices' };
  }
}

async function leadTo(url) {
  const target = url.origin === self.location.origin ? url.href : `${self.location.origin}/notices`;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const [shown] = windows;
  if (shown === undefined) return self.clients.openWindow(target);
  const moved = await shown.navigate(target).catch(() => null);
  return (moved ?? shown).focus();
}
