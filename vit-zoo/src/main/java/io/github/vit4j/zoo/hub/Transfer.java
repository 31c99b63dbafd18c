package io.github.vit4j.zoo.hub;

/**
 * How far a download has come.
 *
 * @param name the file's name, fit for a terminal
 * @param bytes bytes on disk so far, those of an earlier run included
 * @param total bytes of the whole file, or -1 where the server does not say
 * @param resumedFrom bytes that were there before this attempt
 */
public record Transfer(String name, long bytes, long total, long resumedFrom) {}
