/** The mirror store. Users open it by its name. */
@NullMarked
package io.dimstore.mirror.internal;

import org.jspecify.annotations.NullMarked;
