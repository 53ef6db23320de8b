/**
 * Events, dimension changes, refused lines, and their JSON. This package uses no other package of
 * the module.
 */
@NullMarked
package io.dimstore.events.record;

import org.jspecify.annotations.NullMarked;
