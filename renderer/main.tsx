import './ui/tokens.css';
import './ui/base.css';
import './ui/Button.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Client } from './api/client.ts';
import { ClientContext } from './api/clientContext.ts';
import { takeWindowId } from './api/windowId.ts';
import { FirstPage } from './app/FirstPage.tsx';

const client = new Client(await takeWindowId());
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <ClientContext value={client}>
      <FirstPage />
    </ClientContext>
  </StrictMode>,
);
