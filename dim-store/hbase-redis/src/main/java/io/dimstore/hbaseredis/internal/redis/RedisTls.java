// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The TLS configuration for Redis and its Sentinels. The files are read once.
 *
 * @param sockets creates the sockets
 * @param parameters decides whether the certificate must name the host
 */
record RedisTls(SSLSocketFactory sockets, SSLParameters parameters) {

  private static final char[] EMPTY = {};

  /** The options that configure TLS but do not enable it. */
  private static final List<StoreOption<?>> HOW =
      List.of(
          HBaseRedisOptions.REDIS_TLS_CA,
          HBaseRedisOptions.REDIS_TLS_KEYSTORE,
          HBaseRedisOptions.REDIS_TLS_KEYSTORE_PASSWORD);

  /** Whether connections to Redis use TLS. */
  static boolean ofServers(StoreConfig options) {
    return options.get(HBaseRedisOptions.REDIS_TLS);
  }

  /** Whether connections to Sentinels use TLS; by default as connections to Redis. */
  static boolean ofSentinels(StoreConfig options) {
    Boolean own = options.find(HBaseRedisOptions.REDIS_SENTINEL_TLS);
    return own == null ? ofServers(options) : own;
  }

  /**
   * Returns the configuration, null if no option enables TLS.
   *
   * @throws StoreException INVALID if an option needs TLS or its file cannot be used; the message
   *     names the option
   */
  static @Nullable RedisTls of(StoreConfig options) {
    if (!ofServers(options) && !ofSentinels(options)) {
      for (StoreOption<?> option : HOW) {
        if (options.find(option) != null) {
          throw StoreException.invalid(
              "Option '" + option.name() + "' needs 'redis.tls' = 'true'.");
        }
      }
      return null;
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(options), trusted(options), null);
      SSLParameters parameters = new SSLParameters();
      if (options.get(HBaseRedisOptions.REDIS_TLS_VERIFY_HOST)) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      return new RedisTls(context.getSocketFactory(), parameters);
    } catch (GeneralSecurityException e) {
      throw StoreException.invalid("Option 'redis.tls': " + e.getMessage());
    }
  }

  private static TrustManager @Nullable [] trusted(StoreConfig options) {
    String file = options.find(HBaseRedisOptions.REDIS_TLS_CA);
    if (file == null) {
      return null;
    }
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, EMPTY);
      int number = 0;
      for (Certificate each :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)))) {
        store.setCertificateEntry("ca" + number++, each);
      }
      if (number == 0) {
        throw new GeneralSecurityException("it contains no certificate");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(HBaseRedisOptions.REDIS_TLS_CA, file, e);
    }
  }

  private static KeyManager @Nullable [] keys(StoreConfig options) {
    String files = options.find(HBaseRedisOptions.REDIS_TLS_KEYSTORE);
    String secret = options.find(HBaseRedisOptions.REDIS_TLS_KEYSTORE_PASSWORD);
    if (files == null) {
      if (secret != null) {
        throw StoreException.invalid(
            "Option 'redis.tls.keystore-password' needs 'redis.tls.keystore'.");
      }
      return null;
    }
    char[] password = secret == null ? EMPTY : secret.toCharArray();
    try {
      List<byte[]> contents = new ArrayList<>();
      for (String file : files.split(",", -1)) {
        contents.add(read(file.strip()));
      }
      KeyStore store =
          PemKeyStore.isPem(contents)
              ? PemKeyStore.of(contents, password)
              : pkcs12(contents, password);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return factory.getKeyManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(HBaseRedisOptions.REDIS_TLS_KEYSTORE, files, e);
    }
  }

  private static KeyStore pkcs12(List<byte[]> contents, char[] password)
      throws IOException, GeneralSecurityException {
    if (contents.size() != 1) {
      throw new GeneralSecurityException("several files must be PEM, and not all of them are");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(new ByteArrayInputStream(contents.get(0)), password);
    } catch (IOException e) {
      if (e.getCause() instanceof GeneralSecurityException) {
        throw new GeneralSecurityException(
            "the password is wrong, see option 'redis.tls.keystore-password'", e);
      }
      throw new IOException("it is neither PEM nor a PKCS #12 key store (" + e.getMessage() + ")");
    }
    for (String name : Collections.list(store.aliases())) {
      if (store.isKeyEntry(name)) {
        return store;
      }
    }
    throw new GeneralSecurityException("it contains no private key");
  }

  private static byte[] read(String file) throws IOException {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw new IOException("it is not a readable file (" + e + ")", e);
    }
  }

  private static StoreException unusable(StoreOption<?> option, String file, Exception why) {
    return StoreException.invalid(
        "Option '" + option.name() + "': " + file + " cannot be used: " + why.getMessage());
  }
}
