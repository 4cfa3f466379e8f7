"""Sensors for browsers without Bluetooth, and satellites for those indoors."""

from __future__ import annotations

from typing import Final

STRAP: Final = """
// Speaks the bytes of GATT 0x2A37 once a second: 16 bits, contact, intervals in 1/1024 s, by turns longer and shorter.
(() => {
  const strap = { bpm: 120, swing: 0, beats: 0, isNear: true, spoken: [], timer: null };
  window.strap = strap;
  const value = new EventTarget();
  const send = () => {
    const rr = Math.round((60 / strap.bpm) * 1024) + (strap.beats++ % 2 ? strap.swing : -strap.swing);
    value.value = new DataView(Uint8Array.of(0x17, strap.bpm, 0, rr & 255, rr >> 8).buffer);
    value.dispatchEvent(new Event('characteristicvaluechanged'));
  };
  value.startNotifications = async () => { strap.timer = setInterval(send, 1000); };
  const connect = async () => {
    if (!strap.isNear) throw new DOMException('out of reach', 'NetworkError');
    return server;
  };
  const server = {
    getPrimaryService: async () => ({ getCharacteristic: async () => value }),
    disconnect: () => clearInterval(strap.timer),
  };
  const device = Object.assign(new EventTarget(), { name: 'Strap', gatt: { connect } });
  strap.leave = () => {
    strap.isNear = false;
    clearInterval(strap.timer);
    device.dispatchEvent(new Event('gattserverdisconnected'));
  };
  Object.defineProperty(navigator, 'bluetooth', { value: { requestDevice: async () => device } });
  const speak = SpeechSynthesis.prototype.speak;
  SpeechSynthesis.prototype.speak = function (utterance) {
    strap.spoken.push(utterance.text);
    return speak.call(this, utterance);
  };
})();
"""

SENSORS: Final = """
// A power meter (0x1818, characteristic 0x2A63) that speaks once a second, and satellites that see a ride as soon as
// the test says where it begins.
(() => {
  const sensors = { watts: 200, cadence: 90, seconds: 0, isNear: true, device: null, onPlace: null, spoken: [] };
  window.sensors = sensors;
  const value = new EventTarget();
  const send = () => {
    sensors.seconds += 1;
    if (sensors.onPlace !== null && sensors.metersAt !== undefined) {
      // North at 8 m/s; a degree of latitude is 111,195 m.
      sensors.metersAt += 8;
      const latitude = 47.37 + sensors.metersAt / 111195;
      sensors.onPlace({ timestamp: Date.now(), coords: { latitude, longitude: 8.54, accuracy: 5, speed: null } });
    }
    if (!sensors.isNear) return;
    // Flag 5: turns of the crank so far and when the last one was, in 1/1024 s.
    const turns = Math.floor((sensors.seconds * sensors.cadence) / 60);
    const ticks = Math.round((turns * 60 * 1024) / sensors.cadence) % 65536;
    const octets = [0x20, 0, sensors.watts & 255, sensors.watts >> 8, turns & 255, turns >> 8, ticks & 255, ticks >> 8];
    value.value = new DataView(Uint8Array.from(octets).buffer);
    value.dispatchEvent(new Event('characteristicvaluechanged'));
  };
  value.startNotifications = async () => { sensors.timer ??= setInterval(send, 1000); };
  const server = {
    getPrimaryService: async () => ({ getCharacteristic: async () => value }),
    disconnect: () => clearInterval(sensors.timer),
  };
  const connect = async () => {
    if (!sensors.isNear) throw new DOMException('out of reach', 'NetworkError');
    return server;
  };
  sensors.device = Object.assign(new EventTarget(), { name: 'Meter', gatt: { connect } });
  sensors.leave = () => {
    sensors.isNear = false;
    sensors.device.dispatchEvent(new Event('gattserverdisconnected'));
  };
  const requestDevice = async ({ filters }) => {
    if (filters[0].services[0] !== 0x1818) throw new DOMException('none found', 'NotFoundError');
    return sensors.device;
  };
  Object.defineProperty(navigator, 'bluetooth', { value: { requestDevice } });
  navigator.geolocation.watchPosition = (onPlace) => { sensors.onPlace = onPlace; return 1; };
  const speak = SpeechSynthesis.prototype.speak;
  SpeechSynthesis.prototype.speak = function (utterance) {
    sensors.spoken.push(utterance.text);
    return speak.call(this, utterance);
  };
})();
"""
