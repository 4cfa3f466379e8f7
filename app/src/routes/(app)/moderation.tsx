import { ModerationScreen } from '@/features/moderation/ModerationScreen';

export default ModerationScreen;
