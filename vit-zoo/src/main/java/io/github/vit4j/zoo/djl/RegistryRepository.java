package io.github.vit4j.zoo.djl;

import ai.djl.Application;
import ai.djl.repository.Artifact;
import ai.djl.repository.MRL;
import ai.djl.repository.Metadata;
import ai.djl.repository.Repository;
import ai.djl.util.Progress;
import io.github.vit4j.zoo.registry.Registry;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The registry as DJL's listings see it: one artifact a model, with its figures as properties.
 * Files are not had through it, since DJL's own cache is not the one that Python shares.
 */
final class RegistryRepository implements Repository {

  private static final String VERSION = "1";

  private final List<MRL> resources = Collections.synchronizedList(new ArrayList<>());

  MRL resource(ZooEntry entry, Application application) {
    return MRL.model(this, application, VitModelZoo.GROUP_ID, entry.name(), VERSION, entry.name());
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public String getName() {
    return "vit4j";
  }

  @Override
  public URI getBaseUri() {
    return URI.create("vit4j:registry");
  }

  @Override
  public Metadata locate(MRL mrl) {
    ZooEntry entry = Registry.standard().require(mrl.getArtifactId());
    Artifact artifact = new Artifact();
    artifact.setName(entry.name());
    artifact.setVersion(VERSION);
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("family", entry.family().id());
    properties.put("size", entry.size());
    properties.put("licence", entry.licence());
    artifact.setProperties(properties);
    artifact.setArguments(new LinkedHashMap<>());
    artifact.setFiles(new LinkedHashMap<>());
    Metadata metadata = new Metadata();
    metadata.setMetadataVersion("0.2");
    metadata.setResourceType("model");
    metadata.setGroupId(VitModelZoo.GROUP_ID);
    metadata.setArtifactId(entry.name());
    metadata.setName(entry.name());
    metadata.setDescription(entry.family().title());
    metadata.setApplication(mrl.getApplication());
    metadata.setRepositoryUri(mrl.toURI());
    metadata.setArtifacts(List.of(artifact));
    return metadata;
  }

  @Override
  public Artifact resolve(MRL mrl, @Nullable Map<String, String> filter) {
    return locate(mrl).getArtifacts().get(0);
  }

  @Override
  public void prepare(Artifact artifact, @Nullable Progress progress) {
    throw unsupported();
  }

  @Override
  public InputStream openStream(Artifact.Item item, String path) {
    throw unsupported();
  }

  @Override
  public Path getFile(Artifact.Item item, String path) {
    throw unsupported();
  }

  @Override
  public String[] listDirectory(Artifact.Item item, String path) {
    throw unsupported();
  }

  @Override
  public Path getCacheDirectory() {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "models of vit4j are loaded by Criteria or ViTZoo.load, not through DJL's repository cache");
  }

  @Override
  public List<MRL> getResources() {
    return List.copyOf(resources);
  }

  @Override
  public void addResource(MRL mrl) {
    resources.add(mrl);
  }
}
