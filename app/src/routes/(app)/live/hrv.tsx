import { HrvScreen } from '@/features/live/readiness/HrvScreen';

export default HrvScreen;
