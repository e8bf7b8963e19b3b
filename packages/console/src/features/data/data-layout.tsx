import { Outlet } from '@tanstack/react-router';

export const DataLayout = () => <Outlet />;
