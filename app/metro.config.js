const { getDefaultConfig } = require('expo/metro-config');

const { layNativeModels } = require('./scripts/native-models');

layNativeModels(__dirname);

const config = getDefaultConfig(__dirname);
// The models that see the athlete are parts of the apps for Android and iOS.
config.resolver.assetExts.push('tflite');

module.exports = config;
