import { AssistantScreen } from '@/features/assistant/AssistantScreen';

export default AssistantScreen;
