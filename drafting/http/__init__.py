"""The service's outside: HTTP, the event socket, the page. Only this package knows of statuses and headers."""
