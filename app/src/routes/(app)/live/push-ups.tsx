import { PushUpsScreen } from '@/features/live/camera/PushUpsScreen';

export default PushUpsScreen;
