/** Keeps the app's own files in the browser, so that it opens without a network; after the first screen was drawn. */
export function installServiceWorker(): void {
  if (!('serviceWorker' in navigator) || process.env.NODE_ENV !== 'production') return;
  const register = () => {
    navigator.serviceWorker.register('/service-worker.js').catch(() => {
      // Without it (a private window, an address without TLS) the app works as long as there is a network.
    });
  };
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}
