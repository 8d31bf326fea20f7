// Package dashboards is the serving layer for people: pages, a JSON API and a live feed over ports that adapters fill.
// It knows no broker and no database. One file holds one page.
package dashboards
