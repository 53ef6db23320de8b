/**
 * The events topic: raw records are parsed into rows, or become dead letters with a reason. This
 * package uses no other package of the module.
 */
@NullMarked
package io.dimstore.features.input;

import org.jspecify.annotations.NullMarked;
