/** The commands as their users run them, on the real servers. */
package io.dimstore.bench.commands;
