/**
 * Checks of a module's packages and of its public classes, by ArchUnit. This package uses no other
 * package of the kit.
 */
@NullMarked
package io.dimstore.tck.architecture;

import org.jspecify.annotations.NullMarked;
