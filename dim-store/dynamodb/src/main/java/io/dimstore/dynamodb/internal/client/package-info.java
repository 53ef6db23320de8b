/**
 * Connections to the service, through proxies and to DAX; requests with their deadlines, retries,
 * failures and metrics. This package may use {@code capacity}, {@code encoding} and {@code
 * options}.
 */
@NullMarked
package io.dimstore.dynamodb.internal.client;

import org.jspecify.annotations.NullMarked;
