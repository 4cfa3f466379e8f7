import { ModelsScreen } from '@/features/administration/ModelsScreen';

export default ModelsScreen;
