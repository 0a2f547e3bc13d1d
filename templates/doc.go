// Package templates has everything that people see: pages, mails, messages, their
// translations and the static files. All of it is embedded in the binary.
//
// Plain values go in, bytes come out. [Load] parses every page for every language, so
// that a broken template stops the start and not a visitor. Every visible string is in
// the catalogues (locales/…). A test finds keys that are missing, not used, or filled
// differently in another language.
//
// The pages of an audience are in a folder with its name (pages/teacher/…). The name of
// a page's folder is the name of its layout. Pages with another layout are one folder
// deeper: pages/teacher/fragment/… are answers to htmx, without a layout;
// pages/admin/public/… have the layout of public pages. Folders named partials have
// parts of pages.
package templates
