import { mount } from 'svelte'
import App from './App.svelte'
import { ui } from './lib/ui.svelte'
import './styles/fonts.css'
import './styles/base.css'
import './styles/slots.css'
import './styles/room.css'
import './styles/compare.css'

const target = document.getElementById('page')
if (!target) throw new Error('the page has no place to be mounted in')

// A language that does not load must not keep the page away: it then speaks English.
void ui
  .begin()
  .catch(() => undefined)
  .then(() => mount(App, { target }))
