import { CallbackScreen } from '@/features/connections/CallbackScreen';

export default CallbackScreen;
