import { ActionsScreen } from '@/features/administration/ActionsScreen';

export default ActionsScreen;
