"use strict";

const page = document.getElementById("page");

SwaggerUIBundle({
  domNode: page,
  url: page.dataset.openapi,
  deepLinking: true,
  displayOperationId: true,
  displayRequestDuration: true,
  docExpansion: "none",
  filter: true,
  // Kept in the browser's store it would outlive the person: computers in schools are shared.
  persistAuthorization: false,
  tryItOutEnabled: true,
  // The default sends the whole document to a validator on the internet.
  validatorUrl: null,
});
