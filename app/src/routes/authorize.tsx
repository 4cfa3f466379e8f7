import { AuthorizeScreen } from '@/features/account/apps/AuthorizeScreen';

export default AuthorizeScreen;
