import { AdministrationScreen } from '@/features/administration/AdministrationScreen';

export default AdministrationScreen;
