import { ModelVersionScreen } from '@/features/administration/ModelVersionScreen';

export default ModelVersionScreen;
