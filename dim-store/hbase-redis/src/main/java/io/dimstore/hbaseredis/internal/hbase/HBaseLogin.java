// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.security.User;
import org.apache.hadoop.security.UserGroupInformation;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to HBase by Kerberos for one store. Other stores, and the process itself, may use other
 * principals. The connection renews the ticket as long as it is open.
 */
final class HBaseLogin {

  private static final String KERBEROS = "kerberos";

  private HBaseLogin() {}

  /**
   * Configures the client for Kerberos if the options name a principal.
   *
   * @throws StoreException INVALID if only one of the two options is set, or the keytab cannot be
   *     read
   */
  static void secure(Configuration settings, StoreConfig config) {
    String principal = config.find(HBaseRedisOptions.KERBEROS_PRINCIPAL);
    String keytab = config.find(HBaseRedisOptions.KERBEROS_KEYTAB);
    if ((principal == null) != (keytab == null)) {
      throw StoreException.invalid(
          "Options 'kerberos.principal' and 'kerberos.keytab' need each other.");
    }
    if (keytab != null) {
      if (!Files.isReadable(Path.of(keytab))) {
        throw StoreException.invalid(
            "Option 'kerberos.keytab': " + keytab + " is not a readable file.");
      }
      settings.set(User.HBASE_SECURITY_CONF_KEY, KERBEROS);
      settings.set("hadoop.security.authentication", KERBEROS);
    }
  }

  /**
   * Logs in; blocks.
   *
   * @return the user; null if the options name no principal: the login of the process is then used
   * @throws StoreException DENIED if the login fails; the message names the options
   */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral") // The settings are of that class.
  static @Nullable User user(Configuration settings, StoreConfig config) {
    String principal = config.find(HBaseRedisOptions.KERBEROS_PRINCIPAL);
    String keytab = config.find(HBaseRedisOptions.KERBEROS_KEYTAB);
    if (principal == null || keytab == null) {
      return null;
    }
    try {
      synchronized (UserGroupInformation.class) {
        // Hadoop supports one authentication method per process. The user is separate for each
        // store.
        if (!UserGroupInformation.isSecurityEnabled()) {
          UserGroupInformation.setConfiguration(settings);
        }
      }
      return User.create(UserGroupInformation.loginUserFromKeytabAndReturnUGI(principal, keytab));
    } catch (IOException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new StoreException(
          Kind.DENIED,
          "HBase: options 'kerberos.principal' = "
              + principal
              + " and 'kerberos.keytab' = "
              + keytab
              + ": "
              + reason.getMessage(),
          e);
    }
  }
}
