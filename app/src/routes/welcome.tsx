import { WelcomeScreen } from '@/features/welcome/WelcomeScreen';

export default WelcomeScreen;
