/**
 * The servers that exist: found by their {@code server.properties} in the checkout or among the
 * jars, with the settings of their clients. The folders that they use. This package uses no other
 * package of this module.
 */
@NullMarked
package io.dimstore.stack.server;

import org.jspecify.annotations.NullMarked;
