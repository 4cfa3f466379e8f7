import { DevicesScreen } from '@/features/connections/DevicesScreen';

export default DevicesScreen;
